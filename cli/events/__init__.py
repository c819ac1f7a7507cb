"""What Pulumi tells while it runs, as events, and how a person sees it."""
