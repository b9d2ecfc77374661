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

// DotRows is how many rows Dots32 and Dots64 take.
const DotRows = 4

// Block32 and Block64 are the sides of the blocks that are transposed at once.
const (
	Block32 = 8
	Block64 = 4
)
