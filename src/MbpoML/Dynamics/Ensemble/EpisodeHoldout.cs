using MbpoML.Data;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>Holds out whole episodes, evenly along the run and always the same ones, so that a network that goes on never learns from them.</summary>
internal static class EpisodeHoldout
{
    /// <summary>Splits rows.</summary>
    /// <param name="layout">Where each field stands in a row.</param>
    /// <param name="rows">[rows, width], in the order of time, at least two</param>
    /// <param name="ratio">The share of the episodes that are held out. Of a single episode it is that share of its last rows.</param>
    /// <returns>Row numbers, int64 on the CPU, at least one each; left to the caller's dispose scope.</returns>
    public static (Tensor HeldOut, Tensor Learned) Split(TransitionLayout layout, Tensor rows, double ratio)
    {
        using var numbersOfEpisodes = EpisodeNumbers.OfInterleaved(layout, rows);
        var numbers = numbersOfEpisodes.data<long>().ToArray();
        // Where several environments step at once, the last row need not be of the last episode.
        var last = numbers.Max();
        var isSingle = last == 0;
        var cut = Math.Clamp((int)Math.Round(numbers.Length * (1 - ratio)), 1, numbers.Length - 1);
        bool[] isHeldOut = [.. numbers.Select((episode, row) => isSingle ? row >= cut : IsHeldOut(episode, ratio))];
        // Of few episodes and a small share it may be none, of a large share all.
        if (!isSingle && !Array.Exists(isHeldOut, held => held)) isHeldOut = [.. numbers.Select(episode => episode == last)];
        if (Array.TrueForAll(isHeldOut, held => held)) isHeldOut = [.. numbers.Select(episode => episode != 0)];
        return (Rows(isHeldOut, true), Rows(isHeldOut, false));
    }

    // So that of two episodes a third is the second one.
    private static bool IsHeldOut(long episode, double ratio) => Math.Floor(((episode + 1) * ratio) + 0.5) > Math.Floor((episode * ratio) + 0.5);

    private static Tensor Rows(bool[] isHeldOut, bool value) =>
        tensor(Enumerable.Range(0, isHeldOut.Length).Where(row => isHeldOut[row] == value).Select(row => (long)row).ToArray());
}
