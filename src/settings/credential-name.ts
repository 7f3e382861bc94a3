/** Names of headers, query parameters and variables whose values are credentials, judging by the name. */
export const credentialName =
  /authori[sz]ation|^auth|cookie|token|secret|passw|pwd|key$|signature|^sig$|credential|session/i
