"""Questions a beginner asks, each answered with the numbers of the lesson."""
