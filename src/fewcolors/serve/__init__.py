"""The service: pictures in and out over HTTP, by the pipeline of `compress`.

settings.py     every limit, with its reason
run.py          a socket, a server, a graceful end;     connection.py  slow clients are cut off
app.py          the routes;                             guard.py       who may ask, and headers
body.py         the bytes of a request, up to a limit;  query.py       options from the address
claims.py       what a header claims, before work;
jobs.py         what a worker process does;             workers.py     the queue, and its processes
api.py          /v1/...;                                openapi.py     its description
keys.py         who may use it;                         counter.py     how often each key has
metrics.py      numbers for Prometheus;                 service.py     what all requests share
outputs.py      results that wait to be fetched;        tinify/        the Tinify protocol
fetch.py        pictures from elsewhere, if allowed;     addresses.py   which addresses are public
pages.py        the page, whose files are in page/
failure.py      why a job has no result;                refusal.py     that, as an answer

Nothing here is imported by other commands. Starlette, uvicorn, AnyIO, prometheus-client and
python-multipart come with the extra ``server``.
"""
