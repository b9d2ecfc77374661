package optim

import (
	"unsafe"

	rt "github.com/nnc-lang/nnc/runtime"
	"github.com/nnc-lang/nnc/runtime/internal/crew"
	"github.com/nnc-lang/nnc/runtime/internal/kernels"
)

// Steps run on vectors where the processor has them: one pass that reads and
// writes each slice once, since a step is bound by memory. The loops are the
// portable form; a vector form rounds once where a loop rounds twice.

// steps32 and steps64 are the kernels of this processor, nil without.
var steps32, steps64 = kernels.Best().Steps32(), kernels.Best().Steps64()

// stepsOf is the kernels on T.
func stepsOf[T rt.Float]() *kernels.Steps[T] {
	if unsafe.Sizeof(T(0)) == 4 {
		return (*kernels.Steps[T])(unsafe.Pointer(steps32))
	}
	return (*kernels.Steps[T])(unsafe.Pointer(steps64))
}

// chunk is how many elements a kernel gets at once: while in one, the goroutine
// cannot be stopped, as the garbage collector wants to.
const chunk = 1 << 16

// sweep does a step for n elements, in chunks that processors share.
func sweep(step crew.Work, n int) { crew.Do(step, (n+chunk-1)/chunk, crew.Most) }

// part is the elements of a chunk: from i on, n of them.
func part(c, size int) (i, n int) { return c * chunk, min(chunk, size-c*chunk) }
