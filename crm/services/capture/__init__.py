"""Quick capture: notes as typed, and the actions, requests, decisions and praise that stand in them. Pure functions."""
