// Package data reads and arranges training data: IDX, NPY, CSV and WAV files and
// folders of images; shuffles, minibatches, also filled ahead, splits,
// standardisation.
//
// Out flow row-major slices and permutations of example numbers. Everything
// random is a function of a seed and is the same on every machine. The readers
// take files from anywhere: what is not as the format says is an error, and a
// header that promises much costs no memory until the bytes arrive. Images are
// not resized, and sound not resampled.
//
//	images, err := data.OpenIDX("train-images-idx3-ubyte.gz")
//	...
//	for batch := range data.Batches(len(labels), 64, seed) {
//		for i, n := range batch {
//			copy(x[i*784:], pixels[n*784:(n+1)*784])
//		}
//	}
package data
