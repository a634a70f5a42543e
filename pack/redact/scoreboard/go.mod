module relaypack/pack/redact/scoreboard

go 1.26.0

require relaypack v0.0.0

replace relaypack => ../../..
