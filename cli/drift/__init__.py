"""Where drift is reported."""
