"""What a function needs beside its code, said in the `needs.py` of its folder."""
