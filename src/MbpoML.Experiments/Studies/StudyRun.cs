namespace MbpoML.Experiments.Studies;

/// <summary>One training that a study asks for.</summary>
/// <param name="Trial">The number of the trial, from 0.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Steps">The real steps that the run has to reach; it may have taken some of them before.</param>
/// <param name="IsFinal">Whether it is one of the best trial's runs with a fresh seed.</param>
public sealed record StudyRun(int Trial, int Seed, int Steps, bool IsFinal);
