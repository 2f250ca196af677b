"""Parts that several recipes share: data sources, metrics and plots."""
