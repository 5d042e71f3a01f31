namespace MbpoML.Dynamics.Compiled;

/// <summary>A column that ML.NET itself must compute, such as the output of a featuriser whose parameters are not public.</summary>
/// <param name="Steps">The number of the pipeline's transformers after which the column is there.</param>
/// <param name="Name">The column's name there.</param>
/// <param name="Values">Takes the values of a batch.</param>
internal sealed record PipelineColumn(int Steps, string Name, BatchColumn Values);
