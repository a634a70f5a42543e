package chart

import (
	"math"
	"slices"
)

const stretches = 150 // of a line, each keeps its least and its greatest point

// thin gives at most two points and one gap for each stretch of time, in order: the least and the greatest value, and a
// NaN where the line was broken. Lines with few points stay as they are.
func (d *drawing) thin(points []Point) []Point {
	if len(points) <= 2*stretches {
		return points
	}
	out := make([]Point, 0, 3*stretches)
	width := d.to.Sub(d.from)/stretches + 1
	for i := 0; i < len(points); {
		stretch := points[i].At.Sub(d.from) / width
		least, most, gap := -1, -1, -1
		for ; i < len(points) && points[i].At.Sub(d.from)/width == stretch; i++ {
			v := points[i].Value
			if math.IsNaN(v) {
				gap = i
				continue
			}
			if least < 0 || v < points[least].Value {
				least = i
			}
			if most < 0 || v > points[most].Value {
				most = i
			}
		}
		kept := []int{least, most, gap}
		slices.Sort(kept)
		for _, at := range slices.Compact(kept) {
			if at >= 0 {
				out = append(out, points[at])
			}
		}
	}
	return out
}
