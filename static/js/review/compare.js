// The page that puts two takes beside each other.
