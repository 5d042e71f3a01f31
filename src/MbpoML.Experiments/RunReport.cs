using System.Text.Json;

namespace MbpoML.Experiments;

/// <summary>What became of a run, and where: the content of report.json.</summary>
public sealed record RunReport
{
    /// <summary>How it stands; a run whose process was killed still says that it is running.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Real environment steps taken when this was written.</summary>
    public int Steps { get; init; }

    /// <summary>Seconds of training, those of all sessions together, without the times between them.</summary>
    public double WallClockSeconds { get; init; }

    /// <summary>The mean return of the last evaluation; null before the first.</summary>
    public double? LastReturn { get; init; }

    /// <summary>Why the run failed; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>The times that it was started or resumed, in order.</summary>
    public IReadOnlyList<RunSession> Sessions { get; init; } = [];

    /// <summary>Reads a report.json; null where there is none, or none that can be read: then nothing but the record of earlier sessions is lost.</summary>
    /// <param name="path">The path of a report.json.</param>
    public static RunReport? Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<RunReport>(File.ReadAllText(path), JsonFile.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a report.json, whole or not at all.</summary>
    /// <param name="path">The path of the file; a file that is there is replaced.</param>
    public void Write(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        JsonFile.Write(path, this);
    }
}
