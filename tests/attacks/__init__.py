"""What somebody would try who means us harm: each test failed before its door was shut."""
