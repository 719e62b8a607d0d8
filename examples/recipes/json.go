package recipes

import (
	"encoding/json"
	"net/http"
)

// writeJSON answers with a value that can be encoded.
func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // fails only if the client has gone
}
