using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MbpoML.Mujoco.Native;

/// <summary>Takes over what MuJoCo says, which by itself it prints, writes into a file in the working folder, or ends the process with.</summary>
internal static unsafe class NativeErrors
{
    [ThreadStatic]
    private static string? _warning;

    /// <summary>Puts the two handlers into the library.</summary>
    public static void Redirect(nint library)
    {
        *(delegate* unmanaged[Cdecl]<byte*, void>*)NativeLibrary.GetExport(library, "mju_user_error") = &OnError;
        *(delegate* unmanaged[Cdecl]<byte*, void>*)NativeLibrary.GetExport(library, "mju_user_warning") = &OnWarning;
    }

    /// <summary>What this thread was warned of last, forgotten with the call.</summary>
    public static string? TakeWarning()
    {
        var warning = _warning;
        _warning = null;
        return warning;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnWarning(byte* message) => _warning = Text(message);

    // MuJoCo goes on with broken data if this returns, and an exception cannot pass through native code.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnError(byte* message)
    {
        GuardedThread.EndCurrent(Text(message));
#pragma warning disable RS0030 // No exception passes through native code, and MuJoCo would go on with broken data.
        Environment.FailFast($"MuJoCo met an error that it does not survive: {Text(message)}");
#pragma warning restore RS0030
    }

    private static string Text(byte* message) => Marshal.PtrToStringUTF8((nint)message) ?? "";
}
