-- luacheck .
std = "lua54"
max_line_length = 100
cache = false
exclude_files = { "build*", "library", "lua_modules", ".luarocks" }
unused_args = true
self = false

files["spec"] = { std = "lua54+busted" }
files["rockspec"] = { std = "lua54+rockspec" }
