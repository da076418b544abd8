// What the lines of optim.def are written in beside pointwise.def's words, for both devices. Arguments
// are names, so that it does no harm to read them twice.
#ifndef TOCHA_OPTIM_H
#define TOCHA_OPTIM_H

// The gradient that the optimiser sees; without decay infinite parameters stay as they are.
#define DECAYED (decay != 0 ? scale * g + decay * p : scale * g)
// From the nearer end, so that a weight of 1 gives `to` itself.
#define LERP(from, to, w) SEL(LT(w, K(0.5)), from + w * (to - from), to - (to - from) * (K(1) - w))

#endif
