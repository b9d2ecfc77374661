package runtime

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
)

// Param is one parameter of a model: its name in the .nn file, with dots for
// layers ("body.2.w"), its shape, and its values in row-major order, a view of
// the model's slab.
type Param[T Float] struct {
	Name  string
	Shape []int
	Data  []T
}

// SchemaOf returns the fingerprint of a set of parameters: 32 hexadecimal digits
// over names, shapes and element type in order. Two models with the same
// fingerprint can exchange checkpoints.
func SchemaOf[T Float](params iter.Seq[Param[T]]) string {
	h := sha256.New()
	fmt.Fprintf(h, "nnc/1 %s\n", dtypeOf[T]())
	for p := range params {
		fmt.Fprintf(h, "%q %d\n", p.Name, p.Shape)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// dtypeOf is the name of T in a safetensors header.
func dtypeOf[T Float]() string {
	if is32[T]() {
		return "F32"
	}
	return "F64"
}
