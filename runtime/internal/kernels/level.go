package kernels

// Level is an instruction set, in rising order.
type Level int

const (
	None   Level = iota // no kernels: plain Go
	AVX2                // with FMA
	AVX512              // F and VL
)

// Rows is the most rows a strip may have, 0 without kernels.
func (l Level) Rows() int {
	switch l {
	case AVX512:
		return 12
	case AVX2:
		return 6
	}
	return 0
}

func (l Level) String() string { return [...]string{"portable", "AVX2", "AVX-512"}[l] }

// Windows says whether there are kernels for vectors that lie anywhere.
func (l Level) Windows() bool { return l == AVX512 }

// Lanes is how many elements of so many bytes such a vector has.
func (l Level) Lanes(size int) int { return 64 / size }

// Vector is where a vector of Windows32 stands in B and C, in bytes, and the mask
// of its lanes.
type Vector struct{ B, C, Mask int }

// WindowRows is the most rows of Windows32 and Inners32.
const WindowRows = 8

// WindowVectors is how many vectors a group of Windows32, and how many rows of B
// Inners32, has.
func WindowVectors(rows int) int {
	if rows <= 6 {
		return 4
	}
	return 3
}

// DotRows is how many rows Dots32 and Dots64 take.
const DotRows = 4

// Far32 and Far64 are how far from 0 arguments of Sin and Cos may be.
const (
	Far32 = 1e5
	Far64 = 1e9
)

// Block32 and Block64 are the sides of the blocks that are transposed at once.
const (
	Block32 = 8
	Block64 = 4
)
