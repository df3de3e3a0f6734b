// secretlint-disable -- This key belongs to no machine.

/** A certificate for localhost that nobody trusts, with its key. For tests alone: it opens nothing. */
export const selfSigned = {
	key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBf8R0E4bIsP2RxtR
WGWGcH3G1yVrZD8cNHSKQ52jiGmhRANCAAR7F7k85acRjxrgULIqsz9fgf8pQF2j
riXXA8ayUHprbN2A9ngX3mhql5beQ7gu47Yo4fx8eokBQwp5OV8RdVy7
-----END PRIVATE KEY-----`,
	cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUBlHqyfguvRcwohz/Y5JkhsO+q2EwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODAwMjAyNVoYDzIxMjYxMTA0
MDAyMDI1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR7F7k85acRjxrgULIqsz9fgf8pQF2jriXXA8ayUHprbN2A9ngX3mhq
l5beQ7gu47Yo4fx8eokBQwp5OV8RdVy7o28wbTAdBgNVHQ4EFgQU2NUJiEx1Haxf
u+NfnDz1Ct6WbCYwHwYDVR0jBBgwFoAU2NUJiEx1Haxfu+NfnDz1Ct6WbCYwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAIOCc79ryIWcF8qyqOkxnO6WLUWVuAEIaLzNfahvpI/HAiBM
gGSQ2/TtJPe9aCHVcSqmtbNIQcVaaIqnEiqCR2K1rQ==
-----END CERTIFICATE-----`,
};
