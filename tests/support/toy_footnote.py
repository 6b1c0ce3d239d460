"""The command `footnote` with the toy model: what a bot of the tests starts as its child."""

from fakes import ToyEmbedder

import corpus.library

corpus.library.make_embedder = lambda *_, **__: ToyEmbedder()

if __name__ == "__main__":
    from bot.cli.app import main

    main()
