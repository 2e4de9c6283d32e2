"""What every worker of a test run needs, made once while the workers still collect."""
