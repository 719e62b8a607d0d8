package diff

var (
	CompareTried = compare
	Expression   = expression
)
