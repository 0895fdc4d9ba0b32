"""What goes over the wire to the providers, and what comes back."""
