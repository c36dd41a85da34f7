"""The simulated program that the playground opens with: modelled on real ones, with made-up people."""
