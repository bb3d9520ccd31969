"""What a real machine would show: noise, shots, gates of its own."""
