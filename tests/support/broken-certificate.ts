/**
 * A certificate that nobody should trust: expired in 2020, self-signed, for another name. Made for the tests, and its
 * key is worth nothing.
 */
export const BROKEN_CERTIFICATE = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBKjCB0gIBATAKBggqhkjOPQQDAjAiMSAwHgYDVQQDDBdleHBpcmVkLmV4YW1w
bGUuaW52YWxpZDAeFw0yMDAxMDEwMDAwMDBaFw0yMDAyMDEwMDAwMDBaMCIxIDAe
BgNVBAMMF2V4cGlyZWQuZXhhbXBsZS5pbnZhbGlkMFkwEwYHKoZIzj0CAQYIKoZI
zj0DAQcDQgAEdWIXV+M0R16nMsoVmxT+3nYLZiU+xNsWtl+/sBAxi5d+bGmkWQ93
6hXJ0bF7q7J9Rfjt+JIyPYUaGu21rhsiCjAKBggqhkjOPQQDAgNHADBEAiAvxqyt
1vXvzV9FHojA9JhoUKHYpBaic40yue6ozMgRMwIgdRvH6tvqbxnxwVmbyYmUBwlq
kejHGzeNQLKEab2AiB4=
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFt5R0jFnaxv+4y4d
XhwDTNa0hxWwrSPXx10LpWcZ6pahRANCAAR1YhdX4zRHXqcyyhWbFP7edgtmJT7E
2xa2X7+wEDGLl35saaRZD3fqFcnRsXursn1F+O34kjI9hRoa7bWuGyIK
-----END PRIVATE KEY-----`,
};
