/** Who is logged in. */
export const sessionCookie = 'probity-session'
