package data

import "iter"

// Prefetch fills buffers with the elements of seq, in order, in a goroutine that
// is ahead of the loop's body by all buffers but the one in use; two are enough
// to read the next batch while the current one is trained on. A buffer belongs
// to the body until its next step. An error of fill is the last thing the loop
// sees. The goroutine has ended when the loop has, however that ends; seq and
// fill run in it.
//
//	buffers := []Images{newImages(64), newImages(64)}
//	for b, err := range data.Prefetch(data.Batches(n, 64, seed), buffers, read) {
func Prefetch[E, B any](seq iter.Seq[E], buffers []B, fill func(dst *B, e E) error) iter.Seq2[*B, error] {
	if len(buffers) == 0 {
		panic("data: Prefetch without a buffer")
	}
	type filled struct {
		buffer *B
		err    error
	}
	return func(yield func(*B, error) bool) {
		free := make(chan *B, len(buffers)) // room for all: nobody waits to put one back
		full := make(chan filled, len(buffers))
		stop := make(chan struct{})
		for i := range buffers {
			free <- &buffers[i]
		}
		go func() {
			defer close(full)
			for e := range seq {
				select {
				case <-stop:
					return
				case b := <-free:
					err := fill(b, e)
					full <- filled{b, err}
					if err != nil {
						return
					}
				}
			}
		}()
		defer func() {
			close(stop)
			for range full { // until the goroutine has ended
			}
		}()
		for f := range full {
			if !yield(f.buffer, f.err) || f.err != nil {
				return
			}
			free <- f.buffer
		}
	}
}
