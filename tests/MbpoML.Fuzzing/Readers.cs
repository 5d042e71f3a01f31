namespace MbpoML.Fuzzing;

/// <summary>All that reads files in MbpoML.</summary>
public static class Readers
{
    /// <summary>Makes them anew, with good files to start from.</summary>
    public static IReadOnlyList<FuzzedReader> Create() =>
        [PolicyFiles.Zip(), PolicyFiles.Onnx(), CheckpointFiles.Single(), CheckpointFiles.Folder(), ResumedRuns.Reader(), MetricsFiles.Reader(),
            NativeLibraryFiles.Reader()];
}
