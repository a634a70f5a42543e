package verify

import "bytes"

const (
	awsLength = 40      // signs of the other half of an AWS id
	awsReach  = 1 << 10 // bytes of a document between the two
)

// candidate is a run that would be the other half of an id, if one stood near.
type candidate struct {
	pointer, shape string
	offset, line   int // line 0: not yet counted
}

// awsSecret looks at a run of exactly 40 signs, as AWS makes them: near an id of AWS it is the other half.
func (s *scan) awsSecret(t []byte, i int) {
	for i > 0 && (t[i-1] == '/' || t[i-1] == '+') {
		i--
	}
	v := run(t, i)
	if len(v) > awsLength && v[awsLength] == '=' || len(v) != awsLength || i > 0 && classes[t[i-1]]&isRunChar != 0 && t[i-1] != '=' {
		return
	}
	if turns(v) < 12 || countDigits(v) == 0 || !bytes.ContainsAny(v, capitals) || bytes.IndexByte(v, '.') >= 0 || bytes.IndexByte(v, '~') >= 0 {
		return
	}
	if s.awsNear > 0 && s.offset < s.awsNear {
		s.report(KindEntropy, v, i)
		return
	}
	s.half = candidate{shape: excerpt(v), offset: s.place(i), pointer: s.walk.pointer()}
}

// awsID notes where an id of AWS stands, and takes the half that stood in front of it.
func (s *scan) awsID(at int) {
	s.awsNear = s.place(at) + awsReach
	if h := s.half; h.shape != "" && s.place(at)-h.offset < awsReach {
		s.add(Finding{Kind: KindEntropy, Pointer: h.pointer, Offset: h.offset, Line: h.line, Excerpt: h.shape})
		s.half = candidate{}
	}
}
