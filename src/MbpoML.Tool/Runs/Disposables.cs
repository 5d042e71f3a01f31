namespace MbpoML.Tool.Runs;

/// <summary>Disposes several things at the end of a block.</summary>
/// <param name="all">The things.</param>
internal sealed class Disposables<T>(IReadOnlyList<T> all) : IDisposable
    where T : IDisposable
{
    public IReadOnlyList<T> All { get; } = all;

    public void Dispose()
    {
        foreach (var one in All) one.Dispose();
    }
}
