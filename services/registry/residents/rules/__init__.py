"""What the law says about people: numbers, names, ages, history. All of it pure."""
