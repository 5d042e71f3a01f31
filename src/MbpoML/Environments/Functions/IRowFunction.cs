namespace MbpoML.Environments.Functions;

/// <summary>A termination or reward function that can be asked about one transition without a tensor.</summary>
/// <typeparam name="T">The answer: bool or float.</typeparam>
internal interface IRowFunction<T>
    where T : unmanaged
{
    /// <summary>The answer for one transition, in the environment's units.</summary>
    /// <param name="observation">[observation]</param>
    /// <param name="action">[action]</param>
    /// <param name="nextObservation">[observation]</param>
    T EvaluateRow(ReadOnlySpan<float> observation, ReadOnlySpan<float> action, ReadOnlySpan<float> nextObservation);
}
