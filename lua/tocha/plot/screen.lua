-- What the terminal can show of a figure, and how it is told: text, or a picture in the way of
-- kitty, sixel or iTerm2.
--
-- Asked of variables, since asking the terminal itself would need its input: KITTY_WINDOW_ID, TERM
-- (xterm-kitty, xterm-ghostty; foot, mlterm, yaft, names with "sixel"), TERM_PROGRAM (WezTerm,
-- iTerm.app, ghostty), COLORTERM. TOCHA_GRAPHICS = kitty, sixel, iterm or none decides before them.
-- Inside tmux and screen, which pass no pictures on, it is text.

local core = require "tocha.core"
local term = require "tocha.terminal"

local screen <const> = {}

local BY_PROGRAM <const> = { WezTerm = "iterm", ["iTerm.app"] = "iterm", ghostty = "kitty" }
local KITTY_TERMS <const> = { ["xterm-kitty"] = true, ["xterm-ghostty"] = true }
local SIXEL_TERMS <const> = { "^foot", "^mlterm", "^yaft", "sixel" }

--- screen.graphics(env): "kitty", "sixel", "iterm" or "none"; env(name) is os.getenv unless given.
function screen.graphics(env)
  env = env or os.getenv
  local wish <const> = env "TOCHA_GRAPHICS"
  if wish and wish ~= "" then return wish end
  local name <const> = env "TERM" or ""
  if env "TMUX" or name:find "^screen" or name:find "^tmux" then return "none" end
  if env "KITTY_WINDOW_ID" or KITTY_TERMS[name] then return "kitty" end
  if BY_PROGRAM[env "TERM_PROGRAM"] then return BY_PROGRAM[env "TERM_PROGRAM"] end
  for _, pattern in ipairs(SIXEL_TERMS) do
    if name:find(pattern) then return "sixel" end
  end
  return "none"
end

--- screen.colors(env): 0, 256 or 2^24 of a terminal that has any.
function screen.colors(env)
  env = env or os.getenv
  local depth <const> = env "COLORTERM" or ""
  if depth == "truecolor" or depth == "24bit" then return 1 << 24 end
  return (env "TERM" or ""):find "direct" and 1 << 24 or 256
end

local COLUMNS <const>, ROWS <const> = 100, 26  -- at most, unless asked for

local function default_size(figure, is_terminal)
  local _, rows = core.terminal_size()
  local high <const> = rows and rows > 12 and math.min(ROWS, rows - 2) or 24
  local wide <const> = is_terminal and term.columns() or 80
  if figure.rows > 1 then return wide, math.max(high, 16 * figure.rows) end
  return math.min(COLUMNS, wide), high
end

local function check(v, low, name)
  if math.type(v) ~= "integer" or v < low or v > 1000 then
    core.fail("show", name, "expected %d to 1000 characters, got %s", low, tostring(v))
  end
  return v
end

--- screen.text_options(figure, options): width, height, colors and ascii, from the terminal where
--- the options do not say.
function screen.text_options(figure, options)
  local is_terminal <const> = term.is_terminal()
  local wide <const>, high <const> = default_size(figure, is_terminal)
  local colors, ascii = options.colors, options.ascii
  if colors == nil then colors = term.has_color() and screen.colors() or 0 end
  if ascii == nil then ascii = is_terminal and not (term.is_utf8() and term.is_smart()) end
  return {
    width = check(options.width or wide, 20, "width"), colors = colors, ascii = ascii,
    height = check(options.height or high, 6, "height"),
  }
end

return screen
