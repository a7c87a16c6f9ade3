"""What a person sees and types: up, watch, console, outputs."""
