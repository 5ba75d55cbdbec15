"""What keeps the data: dynoxide and SeaweedFS as children of ours, behind doors of their own."""
