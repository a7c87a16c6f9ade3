"""What every part that talks over loopback stands on: fetching, deadlines."""
