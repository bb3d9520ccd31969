"""One lesson per file, numbered in the order in which the data flows."""

PAGES = {
    "0_start": ("Start", ":material/flag:"),
    "1_digits": ("1 Digits", ":material/image:"),
    "2_shrink": ("2 Shrink", ":material/grid_on:"),
    "3_contradictions": ("3 Contradictions", ":material/compare_arrows:"),
    "4_encode": ("4 Encode", ":material/contrast:"),
    "5_circuit": ("5 Circuit", ":material/account_tree:"),
    "6_train": ("6 Train", ":material/trending_down:"),
    "7_compare": ("7 Compare", ":material/balance:"),
    "8_draw": ("8 Draw", ":material/draw:"),
    "9_box": ("9 Open the box", ":material/deployed_code:"),
    "10_flat": ("10 Why it starts flat", ":material/landscape:"),
    "11_noise": ("11 Noise and shots", ":material/grain:"),
    "12_scale": ("12 Scale", ":material/open_in_full:"),
    "13_hard": ("13 When is it hard?", ":material/hub:"),
    "14_teach": ("Teach", ":material/school:"),
}
"""File → title and icon, in the order of the lesson."""
