package autoencoder

import (
	"errors"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// pca codes images by their principal components, the linear code of least
// squared error: what an autoencoder has to beat.
type pca struct {
	mean [D]float64
	axes mat.Dense // [D,Z]
}

func components(s images) (*pca, error) {
	p := &pca{}
	n := len(s.y)
	x := mat.NewDense(n, D, pixels(s.x))
	for j := range D {
		p.mean[j] = mat.Sum(x.ColView(j)) / float64(n)
	}
	var pc stat.PC
	if !pc.PrincipalComponents(x, nil) {
		return nil, errors.New("no principal components")
	}
	var all mat.Dense
	pc.VectorsTo(&all)
	p.axes.CloneFrom(all.Slice(0, D, 0, Z))
	return p, nil
}

func (p *pca) view(s images) view {
	n := len(s.y)
	v := view{make([]float32, n*Z), make([]float32, n*D)}
	for i := range n {
		x, code, drawn := s.x[i*D:][:D], v.codes[i*Z:][:Z], v.drawn[i*D:][:D]
		for k := range Z {
			sum := 0.0
			for j, a := range x {
				sum += (float64(a) - p.mean[j]) * p.axes.At(j, k)
			}
			code[k] = float32(sum)
		}
		for j := range D {
			sum := p.mean[j]
			for k := range Z {
				sum += float64(code[k]) * p.axes.At(j, k)
			}
			drawn[j] = float32(sum)
		}
	}
	return v
}
