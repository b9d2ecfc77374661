package runtime

import "unsafe"

// Float is the element type of a tensor. One package of emitted code uses one.
type Float interface{ float32 | float64 }

// is32 says which of the two T is. Both have a shape of their own, so the
// compiler knows the answer and drops the other branch.
func is32[T Float]() bool {
	var z T
	return unsafe.Sizeof(z) == 4
}

// as32 and as64 are x seen as what it is; the caller has asked is32.
func as32[T Float](x []T) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

func as64[T Float](x []T) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// Fill sets every element of dst to v.
func Fill[T any](dst []T, v T) {
	for i := range dst {
		dst[i] = v
	}
}
