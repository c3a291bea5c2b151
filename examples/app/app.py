from flask import Flask, request

app = Flask(__name__)
entries: list[str] = []


@app.get("/")
def read():
    return {"entries": entries}


@app.post("/")
def sign():
    entries.append(request.get_data(as_text=True)[:200])
    return {"entries": len(entries)}


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=8080)
