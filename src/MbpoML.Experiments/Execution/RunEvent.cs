using System.Text.Json.Serialization;

namespace MbpoML.Experiments.Execution;

/// <summary>Something that happened to a run. <see cref="RunEventLine"/> writes it as a line of JSON and reads it back.</summary>
/// <param name="Folder">The folder of the run, as the executor was given it.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RunStarted), "started")]
[JsonDerivedType(typeof(RunProgressed), "progress")]
[JsonDerivedType(typeof(RunEpochEnded), "epoch")]
[JsonDerivedType(typeof(RunWarned), "warning")]
[JsonDerivedType(typeof(RunEnded), "ended")]
public abstract record RunEvent(string Folder);
