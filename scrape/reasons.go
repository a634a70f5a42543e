package scrape

// reason says in our own words why a source has its status. The set is closed: nothing that the
// relay wrote ever becomes a reason. None of them contains one of the three words that the owner's
// check searches a pack for; a test holds that.
type reason string

// The reasons.
const (
	because0         reason = "" // nothing is to say
	becauseNotAsked  reason = "not asked yet"
	becauseNotNeeded reason = "not needed while another source answers"
	becauseDone      reason = "read once in this life of the relay"
	becauseStopped   reason = "stopped before it was asked"
	becauseNoTime    reason = "no time left for it"
	becauseOften     reason = "asked a moment ago"
	becauseTurn      reason = "waits for its turn in a later burst"

	becauseOff       reason = "not enabled in the relay"
	becauseNoPath    reason = "no such path"
	becauseForbidden reason = "not allowed for this account"
	becauseNoBearer  reason = "no account or bearer configured"
	becauseBearer    reason = "bearer not accepted"
	becauseLogin     reason = "login not accepted"

	becauseRelayLimit reason = "the relay's rate limit is reached"
	becauseOwnLimit   reason = "our own share of the rate limit is used up"

	becauseRefused     reason = "connection refused"
	becauseNoRoute     reason = "no connection"
	becauseNoHost      reason = "host name not found"
	becauseCertificate reason = "certificate not accepted"
	becauseCut         reason = "connection broke before the answer was complete"
	becauseTimeout     reason = "no complete answer in time"

	becauseNotReady reason = "the relay says that it is not ready"
	becauseGate     reason = "the gate gave no good answer"
	becauseGateAge  reason = "the gate's answer is too old"
	becauseBackoff  reason = "waits after a call that hung"

	becauseNotHTTP    reason = "not an http answer"
	becauseRedirect   reason = "redirect"
	becauseHTML       reason = "html"
	becauseEncoding   reason = "compressed although not asked for"
	becauseEmpty      reason = "empty answer"
	becauseNotJSON    reason = "not json"
	becauseDepth      reason = "nested too deep"
	becauseNotSuccess reason = "answer says that it failed"
	becauseNoData     reason = "answer without the promised member"
	becauseNoList     reason = "answer without a list that is read from it"
	becauseNotThere   reason = "what was asked for is not there"
	becauseNoPage     reason = "not an exposition page"
	becauseBadLines   reason = "some lines could not be read"
	becauseServer     reason = "server error"
	becauseRequest    reason = "request not understood"
	becauseCode       reason = "unexpected status code"
	becauseTooLarge   reason = "over the size limit"
	becauseParameter  reason = "parameter missing or not usable"
	becauseNoSource   reason = "no such source in the profile"

	becauseSwitchedOff reason = "switched off by configuration"
	becauseElsewhere   reason = "the relay is not on this machine"
	becauseNoProc      reason = "no process table to read"
	becauseNobody      reason = "nobody listens on the relay's port"
	becauseNoMatch     reason = "no process matches"
	becauseMany        reason = "more than one process matches"
	becauseGone        reason = "process is gone"

	becauseNoAccount      reason = "no service account mounted"
	becauseAPILimit       reason = "the API server's rate limit is reached"
	becauseNoPodRight     reason = "may not get pods"
	becauseNoEventsRight  reason = "may not list events"
	becauseNoLogRight     reason = "may not get pods/log"
	becauseNoContainer    reason = "no container of the pod is the relay"
	becauseManyContainers reason = "more than one container could be the relay"
)
