package alvinn

import (
	"math"
	"math/rand/v2"
)

// The camera looks ahead over flat ground.
const (
	focus   = 22.8 // pixels: 70 degrees are seen
	high    = 2.0  // metres above the road
	horizon = 4.0  // the row where the sky ends
)

// light is what differs from one moment to another on the same road.
type light struct {
	gain, slope float64 // of the whole image, and from its left to its right
	shadows     float64 // how dark they are, 0 for none
	noise       float64 // deviation of a pixel
}

func anyLight(rng *rand.Rand) light {
	return light{
		gain: 0.5 + 0.8*rng.Float64(), slope: 0.3 * (2*rng.Float64() - 1),
		shadows: 0.5 * rng.Float64(), noise: 0.02 + 0.05*rng.Float64(),
	}
}

// photograph sets image [H,W], the top row first, to what is seen from c, in
// grey levels of about 0 to 1.
func photograph(image []float32, c car, r road, l light, rng *rand.Rand) {
	const step = 0.25
	far := focus * high / 0.5
	middle := c.middle(r, step, int(far/step)+2)
	for i := range H {
		below := float64(i) + 0.5 - horizon
		for j := range W {
			side := float64(j) + 0.5 - W/2
			v := 0.9 // the sky
			if below > 0.4 {
				z := focus * high / below
				k := min(int(z/step), len(middle)-1)
				pixel := z / focus // metres that it covers
				v = ground(side*pixel-middle[k], pixel)
				v *= 1 - l.shadows*shadow(c.s+z)
			}
			v *= l.gain * (1 + l.slope*side/W)
			image[i*W+j] = float32(v + l.noise*rng.NormFloat64())
		}
	}
}

// ground is how bright it is beside the middle of the road, blurred over a
// pixel: grey asphalt, with lighter edges, in grass.
func ground(x, pixel float64) float64 {
	edge := math.Abs(math.Abs(x) - halfRoad)
	on := max(0, min(1, 0.5+(halfRoad-math.Abs(x))/pixel))
	line := max(0, 1-edge/max(0.15, pixel)) * min(1, 0.15/pixel)
	return 0.3 + 0.25*on + 0.3*line
}

// shadow is 1 under the trees along the road.
func shadow(s float64) float64 {
	if math.Mod(s, 43) < 4 || math.Mod(s, 71) < 3 {
		return 1
	}
	return 0
}
