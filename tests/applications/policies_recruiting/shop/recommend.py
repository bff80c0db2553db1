def offers(budget, place):
    return [budget, place]
