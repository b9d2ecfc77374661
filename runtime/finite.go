package runtime

// Finite reports whether no element of x is NaN or infinite. The sum of squares
// is finite almost always when they are, and a vector kernel; where it is not,
// it may just be too large, and they are looked at one by one.
func Finite[T Float](x []T) bool {
	if s := Dots(x, x); s-s == 0 {
		return true
	}
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// FiniteAt is Finite of the elements that indices step through, each given by
// its size and its stride.
func FiniteAt[T Float](x []T, indices ...[2]int) bool {
	if len(indices) == 0 {
		return Finite(x[:1])
	}
	n, stride := indices[0][0], indices[0][1]
	if len(indices) == 1 && stride == 1 {
		return Finite(x[:n])
	}
	for i := range n {
		if !FiniteAt(x[i*stride:], indices[1:]...) {
			return false
		}
	}
	return true
}
