"""What several recipes share: their data sources, metrics and plots."""
