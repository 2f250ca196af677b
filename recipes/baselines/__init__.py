"""What a recipe's figure is held against: old methods that a user would try first."""
