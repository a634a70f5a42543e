// Package report shows a support pack to people.
package report

import _ "embed"

// Tokens are the design tokens as CSS custom properties: colours in light and dark, type, spacing, radii.
//
//go:embed tokens.css
var Tokens string
