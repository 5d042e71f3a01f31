using System.Net;

namespace MbpoML.Tests.Fakes;

/// <summary>Answers as the documentation of MLflow shows.</summary>
internal sealed class RecordedMlflow : HttpMessageHandler
{
    private bool _isDisposed;

    public RecordedMlflow() => Client = new HttpClient(this) { BaseAddress = new Uri("http://mlflow.example:5000/") };

    public HttpClient Client { get; }

    public bool IsMissing { get; init; }

    public Func<HttpResponseMessage>? Fails { get; set; }

    public List<(string Path, string Content)> Asked { get; } = [];

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Content?.ReadAsStream(cancellationToken) ?? Stream.Null);
        Asked.Add((request.RequestUri!.PathAndQuery, reader.ReadToEnd()));
        if (Fails is not null) return Fails();
        var path = request.RequestUri.AbsolutePath;
        if (IsMissing && path.EndsWith("get-by-name", StringComparison.Ordinal))
            return new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("""{"error_code":"RESOURCE_DOES_NOT_EXIST"}""") };
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(path[(path.LastIndexOf('/') + 1)..] switch
            {
                "get-by-name" => """{"experiment":{"experiment_id":"42","name":"pendulum","lifecycle_stage":"active"}}""",
                "create" when path.Contains("experiments", StringComparison.Ordinal) => """{"experiment_id":"42"}""",
                "create" => """{"run":{"info":{"run_id":"r7","status":"RUNNING"},"data":{}}}""",
                "get" => """{"run":{"info":{"run_id":"r7"},"data":{"metrics":[{"key":"a","value":1,"step":"250"},{"key":"b","value":"NaN","step":500}]}}}""",
                _ => "{}",
            }),
        };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Send(request, cancellationToken));

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            Client.Dispose();
        }

        base.Dispose(disposing);
    }
}
